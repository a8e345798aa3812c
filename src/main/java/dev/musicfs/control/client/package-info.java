/** A running daemon through its control socket, for commands. */
@NullMarked
package dev.musicfs.control.client;

import org.jspecify.annotations.NullMarked;
