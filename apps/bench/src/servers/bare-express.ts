// What get and create are measured against: Express as `express()` gives it, two routes, two constant answers.
import express from 'express';
import type { AddressInfo } from 'node:net';

const answers = JSON.parse(process.env['ANSWERS']!) as { get: unknown; create: unknown };

const app = express();
app.get('/v1/experiment/get/:project_id/:experiment_id', (_req, res) => void res.json(answers.get));
app.post('/v1/experiment/create', express.json(), (_req, res) => void res.json(answers.create));

const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
