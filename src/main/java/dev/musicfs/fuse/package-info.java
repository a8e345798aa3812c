/**
 * Floor 5: the mount from its beginning to its end: mounting through libfuse, unmounting, replacing a dead mount, mounting
 * an aborted one anew. What is asked of it comes through {@code fuse.device} and is answered by {@code fuse.node}.
 */
@NullMarked
package dev.musicfs.fuse;

import org.jspecify.annotations.NullMarked;
