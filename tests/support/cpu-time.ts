// Owns the clock of tests that bound work: CPU time of this process, which other work on the machine lengthens little. Must never measure
// what the clock on the wall decides, such as `timeMs`.

/** Milliseconds of CPU that this process has used. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
