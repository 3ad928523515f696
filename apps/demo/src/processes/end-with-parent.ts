// Loaded into every process that the demo starts: however the demo ends, they end too.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
