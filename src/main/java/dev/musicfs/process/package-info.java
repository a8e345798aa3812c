/** The process: signals, an orderly end, the instance lock, the service manager, the watchdog. */
@NullMarked
package dev.musicfs.process;

import org.jspecify.annotations.NullMarked;
