/** How a drawn device stands to its job, as people see it. What each means is told in the contract. */
export const standings = ['drawn', 'training', 'uploading', 'submitted', 'late', 'failed', 'replaced', 'unused'] as const;
export type Standing = (typeof standings)[number];
