package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * No class of a package depends on itself by way of others of its package: each can be read after those it uses. Nested
 * classes belong to the class that encloses them.
 */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class ClassCyclesTest {
    @ArchTest
    static void noCyclesBetweenTheClassesOfAPackage(JavaClasses program) {
        Map<String, List<Set<String>>> cycles = new TreeMap<>();
        graphs(program).forEach((name, graph) -> {
            List<Set<String>> found = new Components(graph).cycles();
            if (!found.isEmpty()) {
                cycles.put(name, found);
            }
        });
        assertThat(cycles).isEmpty();
    }

    private static Map<String, Map<String, Set<String>>> graphs(JavaClasses program) {
        Map<String, Map<String, Set<String>>> graphs = new TreeMap<>();
        for (JavaClass each : program) {
            Map<String, Set<String>> graph = graphs.computeIfAbsent(each.getPackageName(), any -> new TreeMap<>());
            String from = outermost(each);
            Set<String> uses = graph.computeIfAbsent(from, any -> new TreeSet<>());
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().equals(each.getPackageName())
                        && !outermost(target).equals(from)) {
                    uses.add(outermost(target));
                }
            }
        }
        return graphs;
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Strongly connected components, by R. Tarjan, "Depth-first search and linear graph algorithms", 1972. */
    private static final class Components {
        private final Map<String, Set<String>> graph;
        private final Map<String, Integer> index = new HashMap<>();
        private final Map<String, Integer> low = new HashMap<>();
        private final Deque<String> stack = new ArrayDeque<>();
        private final List<Set<String>> cycles = new ArrayList<>();

        Components(Map<String, Set<String>> graph) {
            this.graph = graph;
            graph.keySet().forEach(each -> {
                if (!index.containsKey(each)) {
                    visit(each);
                }
            });
        }

        List<Set<String>> cycles() {
            return cycles;
        }

        private void visit(String from) {
            index.put(from, index.size());
            low.put(from, index.get(from));
            stack.push(from);
            for (String to : graph.getOrDefault(from, Set.of())) {
                if (!index.containsKey(to)) {
                    visit(to);
                    low.merge(from, low.get(to), Math::min);
                } else if (stack.contains(to)) {
                    low.merge(from, index.get(to), Math::min);
                }
            }
            if (low.get(from).equals(index.get(from))) {
                Set<String> component = new TreeSet<>();
                String each;
                do {
                    each = stack.pop();
                    component.add(each);
                } while (!each.equals(from));
                if (component.size() > 1) {
                    cycles.add(component);
                }
            }
        }
    }
}
