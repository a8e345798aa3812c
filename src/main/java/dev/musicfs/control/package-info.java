/** Floor 5: how other processes talk to the daemon: HTTP and JSON on a Unix domain socket, and the client for it. */
@NullMarked
package dev.musicfs.control;

import org.jspecify.annotations.NullMarked;
