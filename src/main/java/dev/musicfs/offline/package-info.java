/** What is kept for when no origin can be reached: pins. */
@NullMarked
package dev.musicfs.offline;

import org.jspecify.annotations.NullMarked;
