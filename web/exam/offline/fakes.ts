/** A browser's caches, in memory, as far as they are used here. */
export class FakeCaches {
  readonly held = new Map<string, Map<string, string>>();

  constructor(
    private readonly base: string,
    private readonly fetch: (address: string) => Promise<Response>,
  ) {}

  open(name: string): Promise<Cache> {
    const shelf = this.held.get(name) ?? new Map<string, string>();
    this.held.set(name, shelf);
    const cache = {
      put: async (address: string, response: Response) => {
        shelf.set(this.absolute(address), await response.text());
      },
      addAll: async (addresses: string[]) => {
        const found = await Promise.all(addresses.map((address) => this.fetch(address)));
        // All of them or none, as browsers do.
        if (!found.every((response) => response.ok)) throw new TypeError('one is missing');
        for (const [index, response] of found.entries()) {
          shelf.set(addresses[index] ?? '', await response.text());
        }
      },
    };
    return Promise.resolve(cache as unknown as Cache);
  }

  match(address: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    const found = this.held.get(cacheName)?.get(this.absolute(address));
    return Promise.resolve(found === undefined ? undefined : new Response(found));
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.held.keys()]);
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.held.delete(name));
  }

  private absolute(address: string): string {
    return new URL(address, this.base).href;
  }
}
