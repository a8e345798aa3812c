/** Floor 2: what keeps a store in order: eviction, reconciliation, scrubbing, access times. */
@NullMarked
package dev.musicfs.chunk.maintain;

import org.jspecify.annotations.NullMarked;
