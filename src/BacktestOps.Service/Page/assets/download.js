// Downloads of a result and of a sweep's variants: plain links, but where a key is needed, which a link can't send.

import { getFile, resultAddress, variantsAddress } from './api.js';
import { byId, element } from './dom.js';
import { hasKey } from './key.js';
import { tell } from './progress.js';

const patience = 60_000;
const offered = new Map();

/** Lets the links give the files of a run; a run that is no sweep has no variants. */
export function offerDownloads(id, result) {
  offer('download', resultAddress(id), result.results_file);
  offer('download-variants', variantsAddress(id), result.sweep?.file.name);
}

function offer(name, address, fileName) {
  const link = byId(name);
  link.hidden = !fileName;
  link.href = address;
  offered.set(name, fileName);
}

for (const name of ['download', 'download-variants']) {
  byId(name).addEventListener('click', async event => {
    if (!hasKey()) return;
    event.preventDefault();
    try {
      const address = URL.createObjectURL(await getFile(byId(name).href));
      element('a', { href: address, download: offered.get(name) }).click();
      setTimeout(() => URL.revokeObjectURL(address), patience);
    } catch (error) {
      tell(() => error.message, 'bad');
    }
  });
}
