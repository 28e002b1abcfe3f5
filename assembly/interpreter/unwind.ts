// Owns the propagation of exceptions: finding the handler, popping frames. Must never make an exception.

/** Fuel of looking for a handler in a frame, however few it has: a loop of throws may pay for nothing else. */
export const SEARCH: i32 = 2;
