/** Floor 2: the content-addressed store of chunks on a disk of this machine, as the rest of the program sees it. */
@NullMarked
package dev.musicfs.chunk;

import org.jspecify.annotations.NullMarked;
