/** Floor 2: what makes an origin survivable: limits, circuit breaker, health, and the choice between copies. */
@NullMarked
package dev.musicfs.origin.guard;

import org.jspecify.annotations.NullMarked;
