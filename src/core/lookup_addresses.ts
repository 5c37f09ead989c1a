import { lookup } from "node:dns";

/**
 * All addresses of a host's name, as the system knows them. Not by
 * node:dns/promises, which warns of its own deprecation in some runtimes.
 * @throws {Error} when it has none
 */
export function lookupAddresses(name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}
