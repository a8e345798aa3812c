/** Floor 2: chunk files on a disk of this machine: written, read, verified, and what the disk is fit for. */
@NullMarked
package dev.musicfs.chunk.disk;

import org.jspecify.annotations.NullMarked;
