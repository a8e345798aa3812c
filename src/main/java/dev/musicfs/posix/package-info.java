/** Floor 1: what the JDK cannot ask of this machine: native calls, the mount table, the kernel's locks. */
@NullMarked
package dev.musicfs.posix;

import org.jspecify.annotations.NullMarked;
