/** Floor 2: music on a disk of this machine, read through {@code java.nio.file} and watched through inotify. */
@NullMarked
package dev.musicfs.origin.local;

import org.jspecify.annotations.NullMarked;
