package dev.musicfs.failure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a method that drops a future: says why nobody has to learn of its failure. A rule over the bytecode wants it. */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Dropped {
    /** Why. */
    String value();
}
