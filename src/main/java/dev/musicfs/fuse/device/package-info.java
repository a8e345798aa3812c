/**
 * Floor 5: where requests come from and replies go to: the kernel's device, buffers, the threads that take requests,
 * deadlines and interruptions. What is answered is decided elsewhere.
 */
@NullMarked
package dev.musicfs.fuse.device;

import org.jspecify.annotations.NullMarked;
