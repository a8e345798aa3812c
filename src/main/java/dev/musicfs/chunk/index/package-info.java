/** Floor 2: what is known of each chunk without opening its file, in MapDB. It may be lost at any moment. */
@NullMarked
package dev.musicfs.chunk.index;

import org.jspecify.annotations.NullMarked;
