package dev.musicfs.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a method that waits for a future or a latch although it is neither at the process's entry nor in a command: says on
 * which thread, and why nothing else will do. A rule over the bytecode wants it there, and nowhere else.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Waits {
    /** On which thread and for what. */
    String value();
}
