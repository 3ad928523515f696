/** A reporter for node:test that writes the counts read by read-result.mjs. */
export default async function* countTests(events) {
  const counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.numPendingTests += 1;
    else if (type === 'test:pass') counts.numPassedTests += 1;
    else counts.numFailedTests += 1;
  }
  yield JSON.stringify(counts);
}
