/** Floor 7: makes the parts of the program, connects them, and starts and stops them in order. Nothing else. */
@NullMarked
package dev.musicfs.app;

import org.jspecify.annotations.NullMarked;
