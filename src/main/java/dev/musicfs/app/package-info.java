/** Floor 6: the composition root: wiring, start and stop order, signals and the instance lock. */
@NullMarked
package dev.musicfs.app;

import org.jspecify.annotations.NullMarked;
