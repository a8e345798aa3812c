package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.Collator;
import java.text.Format;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Formatter;
import java.util.Locale;
import java.util.Scanner;
import java.util.Set;

/**
 * No text depends on the language of the user, which may have digits of its own, or another small letter for I: whatever
 * formats or changes case says by which locale. Libraries do not, which is why the program has one.
 */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class LocaleRulesTest {
    private static final Set<String> OF_STRINGS = Set.of("format", "formatted", "toLowerCase", "toUpperCase");

    @ArchTest
    static void whateverFormatsOrChangesCaseSaysByWhichLocale(JavaClasses program) {
        assertThat(FireAndForgetTest.users(program, LocaleRulesTest::followsTheUsersLanguage))
                .isEmpty();
    }

    @ArchTest
    static void theProgramsOwnLocaleIsSetInOnePlaceAndAskedForInNone(JavaClasses program) {
        assertThat(FireAndForgetTest.users(
                        program,
                        target -> target.getOwner().isEquivalentTo(Locale.class)
                                && target.getName().endsWith("etDefault")))
                .containsExactly("cli.Main");
    }

    private static boolean followsTheUsersLanguage(CodeUnitAccessTarget target) {
        return !takesALocale(target)
                && (isOf(target, String.class, OF_STRINGS)
                        || isOf(target, PrintStream.class, Set.of("printf", "format"))
                        || isOf(target, PrintWriter.class, Set.of("printf", "format"))
                        || isOf(target, DateTimeFormatter.class, Set.of("ofPattern"))
                        || isOf(target, DateTimeFormatterBuilder.class, Set.of("toFormatter"))
                        || isOf(target, Formatter.class, Set.of("<init>"))
                        || isOf(target, Scanner.class, Set.of("<init>"))
                        || isOf(target, Collator.class, Set.of("getInstance"))
                        || target.getName().startsWith("ofLocalized")
                        || (target.getOwner().isAssignableTo(Format.class)
                                && Set.of("<init>", "format", "getInstance").contains(target.getName())));
    }

    private static boolean isOf(CodeUnitAccessTarget target, Class<?> owner, Set<String> names) {
        return target.getOwner().isAssignableTo(owner) && names.contains(target.getName());
    }

    private static boolean takesALocale(CodeUnitAccessTarget target) {
        return target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Locale.class));
    }
}
