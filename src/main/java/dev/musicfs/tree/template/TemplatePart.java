package dev.musicfs.tree.template;

import java.util.List;

/** A piece of a parsed template. */
sealed interface TemplatePart {
    /** Text that stands for itself; a {@code /} in it begins a new name. */
    record Literal(String text) implements TemplatePart {}

    /** {@code $name} or <code>${name}</code>. */
    record Field(String name) implements TemplatePart {}

    /** <code>%name{argument,argument}</code>. */
    record Call(TemplateFunction function, List<List<TemplatePart>> arguments) implements TemplatePart {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
