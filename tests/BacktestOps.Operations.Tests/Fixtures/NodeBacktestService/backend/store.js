'use strict';
// Runs as one JSON file a run, written aside and renamed, so that a kill leaves the old or the new one.
const fs = require('node:fs');
const path = require('node:path');

function openStore(folder) {
  fs.mkdirSync(folder, { recursive: true });
  fs.accessSync(folder, fs.constants.W_OK);
  const fileOf = (id) => path.join(folder, `${id}.json`);
  return {
    save(run) {
      const aside = `${fileOf(run.backtest_id)}.tmp`;
      const file = fs.openSync(aside, 'w');
      fs.writeSync(file, JSON.stringify(run));
      fs.fsyncSync(file);
      fs.closeSync(file);
      fs.renameSync(aside, fileOf(run.backtest_id));
    },
    find(id) {
      if (!/^[a-z0-9-]{1,64}$/.test(id)) return null;
      try {
        return JSON.parse(fs.readFileSync(fileOf(id), 'utf8'));
      } catch (error) {
        if (error.code === 'ENOENT') return null;
        throw error;
      }
    },
    all: () => fs.readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).sort(),
  };
}

module.exports = { openStore };
