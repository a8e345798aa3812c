/** Floor 3: open files, and the verticle on whose event loop everything that is fetched has its state. */
@NullMarked
package dev.musicfs.content.file;

import org.jspecify.annotations.NullMarked;
