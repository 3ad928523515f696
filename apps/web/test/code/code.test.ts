import { describe, expect, it } from 'vitest';
import { codeFor, languageNames } from '../../src/code/code.js';
import { ModelFile } from '../../src/code/model-file.js';

const baseUrl = 'https://ml.example.com/verge';
const project_id = '0123456789abcdef0123456789abcdef';
const experiment_id = 'fedcba9876543210fedcba9876543210';

describe('a request as code', () => {
  it('is what its reader would have written', () => {
    const input = { project_id, experiment_id, num_devices: 4, termination_criteria: [{ type: 'DurationTerminationCriteria', max_duration_sec: 600 }] } as const;
    expect(codeFor('python', 'job.create', input, baseUrl)).toBe(`import os
import vergeai

vergeai.api_key = os.environ["VERGEAI_API_KEY"]
vergeai.base_url = "https://ml.example.com/verge"

response = vergeai.Job.create(
    project_id="${project_id}",
    experiment_id="${experiment_id}",
    num_devices=4,
    termination_criteria=[
        {"type": "DurationTerminationCriteria", "max_duration_sec": 600},
    ],
)
print(response)
`);
    expect(codeFor('typescript', 'job.create', input, baseUrl)).toBe(`import { VergeAI } from '@vergeai/sdk';

const vergeai = new VergeAI({
  apiKey: process.env.VERGEAI_API_KEY,
  baseUrl: 'https://ml.example.com/verge',
});

const { statusCode, body } = await vergeai.Job.create({
  project_id: '${project_id}',
  experiment_id: '${experiment_id}',
  num_devices: 4,
  termination_criteria: [
    { type: 'DurationTerminationCriteria', max_duration_sec: 600 },
  ],
});
console.log(statusCode, body);
`);
    expect(codeFor('curl', 'job.create', input, baseUrl)).toBe(`curl 'https://ml.example.com/verge/v1/job/create' \\
  -H "Authorization: Bearer $VERGEAI_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{
  "project_id": "${project_id}",
  "experiment_id": "${experiment_id}",
  "num_devices": 4,
  "termination_criteria": [
    {"type": "DurationTerminationCriteria", "max_duration_sec": 600}
  ]
}'
`);
    expect(codeFor('cli', 'job.create', input, baseUrl)).toBe(`verge api job.create --url 'https://ml.example.com/verge' --input - <<'END'
{
  "project_id": "${project_id}",
  "experiment_id": "${experiment_id}",
  "num_devices": 4,
  "termination_criteria": [
    {"type": "DurationTerminationCriteria", "max_duration_sec": 600}
  ]
}
END
`);
  });

  it('reads by path and query, and posts what has no body', () => {
    expect(codeFor('curl', 'job.list', { project_id, experiment_id, status: 'FAILED' }, baseUrl)).toContain(`curl '${baseUrl}/v1/job/list/${project_id}/${experiment_id}?status=FAILED' \\\n  -H`);
    expect(codeFor('curl', 'auth.create', {}, baseUrl)).toMatch(/^curl -X POST '/);
    expect(codeFor('cli', 'auth.create', {}, baseUrl)).toBe(`verge api auth.create --url '${baseUrl}'\n`);
    expect(codeFor('python', 'auth.create', {}, baseUrl)).toContain('vergeai.APIKey.create()\n');
    expect(codeFor('typescript', 'auth.create', {}, baseUrl)).toContain('vergeai.APIKey.create();\n');
  });

  it('leaves out what is undefined, and says null', () => {
    const input = { project_id, experiment_id, experiment_name: null, experiment_description: undefined };
    expect(codeFor('python', 'experiment.update', input, baseUrl)).toMatch(/experiment_name=None,\n\)/);
    expect(codeFor('typescript', 'experiment.update', input, baseUrl)).toMatch(/experiment_name: null,\n\}/);
    expect(codeFor('curl', 'experiment.update', input, baseUrl)).toMatch(/"experiment_name": null\n\}'/);
  });

  it('calls arguments that Python keeps for itself as the client does', () => {
    expect(codeFor('python', 'experiment.fork', { project_id, experiment_id, from: 'start' }, baseUrl)).toContain('from_="start"');
  });

  it('sends a file by its name: by itself in the clients, by a ticket with curl', () => {
    const input = { project_id, experiment_id, model: new ModelFile("it's {1,2}.safetensors") };
    expect(codeFor('python', 'experiment.submit_start_model', input, baseUrl)).toContain(`model="./it's {1,2}.safetensors",`);
    expect(codeFor('typescript', 'experiment.submit_start_model', input, baseUrl)).toContain(`model: './it\\'s {1,2}.safetensors',`);
    const shell = codeFor('curl', 'experiment.submit_start_model', input, baseUrl);
    expect(shell).toContain(`curl -g -T './it'\\''s {1,2}.safetensors' "$(`);
    expect(shell).not.toContain('"model"');
  });

  // The command line reads it by itself, and needs none of it where somebody has signed in.
  it.each(languageNames.filter(({ language }) => language !== 'cli'))('holds the name of the variable with the key in $name', ({ language }) => {
    expect(codeFor(language, 'auth.whoami', {}, baseUrl)).toContain('VERGEAI_API_KEY');
  });
});
