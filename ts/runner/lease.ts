// Owns the lease: which worker is at a run, and until when. Must never be what safety rests on: clocks differ and processes sleep, so
// a lease only saves work. The fence is the version of the record, with which every write is made.

/** The right of one worker to go on with a run. */
export interface Lease {
  readonly owner: string;
  /** Counts the leases of a run; with it, a worker knows its own lease from a later one of the same name. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** The parts of a record that have to do with its lease. */
export interface Leased {
  readonly lease?: Lease | undefined;
  readonly epoch: number;
}

/** True while another worker may be at the run. A worker may take over a lease of its own name: that was an earlier life of it. */
export function isTaken({ lease }: Leased, owner: string, now: number): boolean {
  return lease !== undefined && lease.owner !== owner && lease.until > now;
}

/** True if this very lease is still in force. It may have passed its time, as long as no worker took over. */
export function isHeldBy({ lease }: Leased, owner: string, epoch: number): boolean {
  return lease?.owner === owner && lease.epoch === epoch;
}

/** The next lease of a run. */
export function nextLease({ epoch }: Leased, owner: string, until: number): { lease: Lease; epoch: number } {
  return { lease: { owner, epoch: epoch + 1, until }, epoch: epoch + 1 };
}
