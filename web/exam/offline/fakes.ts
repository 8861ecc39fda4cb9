/** A browser's caches, in memory, as far as they are used here. */
export class FakeCaches {
  readonly buckets = new Map<string, Map<string, string>>();

  constructor(private readonly base: string) {}

  open(name: string): Promise<Cache> {
    const bucket = this.buckets.get(name) ?? new Map<string, string>();
    this.buckets.set(name, bucket);
    const cache = {
      put: async (address: string, response: Response) => {
        bucket.set(this.absolute(address), await response.text());
      },
    };
    return Promise.resolve(cache as unknown as Cache);
  }

  match(address: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    const body = this.buckets.get(cacheName)?.get(this.absolute(address));
    return Promise.resolve(body === undefined ? undefined : new Response(body));
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.buckets.keys()]);
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.buckets.delete(name));
  }

  private absolute(address: string): string {
    return new URL(address, this.base).href;
  }
}
