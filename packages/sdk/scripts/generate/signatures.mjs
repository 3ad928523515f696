/** How a method is called, as TypeScript: one signature, or two where a model may go along. */
export function signatures(operation) {
  const { method, input, inputRequired, row } = operation;
  const given = `input${inputRequired.length > 0 ? '' : '?'}: `;
  if (!row.carriesModel) return [`${method}(${given}${input}, options?: CallOptions): ${returned(operation)}`];
  return [
    `${method}(${given}${input}, options?: UploadOptions): Promise<Answer<${row.status}, Empty>>`,
    `${method}(${given}WithoutModel<${input}>, options?: CallOptions): Promise<Answer<${row.status}, ${operation.answer}>>`,
  ];
}

function returned({ answer, entry, mayBeEmpty, row: { paging, link, status } }) {
  if (paging) return `PagePromise<${[entry, ...(answer === `Page<${entry}>` && status === 200 ? [] : [answer]), ...(status === 200 ? [] : [status])].join(', ')}>`;
  if (link) return `LinkPromise${status === 200 ? '' : `<${status}>`}`;
  return `Promise<Answer<${status}, ${mayBeEmpty ? `${answer} | Nothing<${answer}>` : answer}>>`;
}
