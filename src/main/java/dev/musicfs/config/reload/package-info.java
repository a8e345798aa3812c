/** Reads the configuration of a running daemon again and tells what it can take and what needs a restart. */
@NullMarked
package dev.musicfs.config.reload;

import org.jspecify.annotations.NullMarked;
