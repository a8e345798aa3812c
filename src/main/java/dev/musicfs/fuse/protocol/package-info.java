/**
 * Floor 5: the kernel's protocol, FUSE 7.12 to 7.45, as bytes and values: requests decoded and checked, replies and
 * directory entries encoded, versions and flags agreed on. No input or output, no native code.
 */
@NullMarked
package dev.musicfs.fuse.protocol;

import org.jspecify.annotations.NullMarked;
