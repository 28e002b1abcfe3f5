// The one name that the entry for Durable Objects takes from the platform. Its own types are not imported, so that declarations of this
// package need none.

declare module "cloudflare:workers" {
  export const DurableObject: new (context: never, env: never) => object;
}
