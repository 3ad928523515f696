import { describeRaces } from './races.suite.js';

describeRaces('postgresql');
