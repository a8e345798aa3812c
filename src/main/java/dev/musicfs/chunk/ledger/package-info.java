/** Floor 2: changes of a chunk file, its entry in the index and the sums, made together and within the bounds. */
@NullMarked
package dev.musicfs.chunk.ledger;

import org.jspecify.annotations.NullMarked;
