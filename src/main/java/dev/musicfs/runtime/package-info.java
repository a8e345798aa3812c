/** Floor 1: time, deadlines, worker pools and event-bus addresses. The only room that reads a clock. */
@NullMarked
package dev.musicfs.runtime;

import org.jspecify.annotations.NullMarked;
