// Owns the one thing that the code of library programs can do and other code cannot: reaching what they share ($host).

/** `$host` in the code of a library. */
function libraryHost() {
  return $LibraryHost;
}
