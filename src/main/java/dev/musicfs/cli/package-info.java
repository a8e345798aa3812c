/** Floor 8: arguments, output and exit codes. */
@NullMarked
package dev.musicfs.cli;

import org.jspecify.annotations.NullMarked;
