/** Floor 6: looks whether a machine and a configuration are fit for MusicFS, and says how to mend what is not. */
@NullMarked
package dev.musicfs.doctor;

import org.jspecify.annotations.NullMarked;
