/** Floor 2: what makes an origin survivable: limits, circuit breaker, health. */
@NullMarked
package dev.musicfs.origin.guard;

import org.jspecify.annotations.NullMarked;
