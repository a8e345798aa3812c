/** Floor 2: the store of chunks, put together from its parts. */
@NullMarked
package dev.musicfs.chunk.store;

import org.jspecify.annotations.NullMarked;
