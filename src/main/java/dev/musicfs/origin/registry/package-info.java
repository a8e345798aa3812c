/** The configured origins, each made by its backend and put behind its guard. */
@NullMarked
package dev.musicfs.origin.registry;

import org.jspecify.annotations.NullMarked;
