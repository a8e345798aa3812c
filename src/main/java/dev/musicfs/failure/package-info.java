/** Floor 0: what can go wrong, as kinds that code can decide on. */
@NullMarked
package dev.musicfs.failure;

import org.jspecify.annotations.NullMarked;
