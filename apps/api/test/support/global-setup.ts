export { postgresForVitest as default } from '@vergeai/testkit';
