/** Floor 2: the plumbing that backends over HTTP share: one bounded exchange at a time, and what its headers say. */
@NullMarked
package dev.musicfs.origin.wire;

import org.jspecify.annotations.NullMarked;
