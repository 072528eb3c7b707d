// Porcupine on the histories of our benchmarks: the verdict and the time of the check alone, as JSON.
//
//	porcupine rows FILE     "key function argument old result called returned", one operation a line
//	porcupine etcd FILE...  logs of jepsen.util, one history each; the median and the sum over the files
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/anishathalye/porcupine"
)

const limit = 20 * time.Second

type asked struct {
	key, function, argument, old string
}

type answer struct {
	result string // "?" where nobody knows
}

// A register for each key, with compare-and-swap; "nil" at first.
var register = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[string][]porcupine.Operation{}
		for _, operation := range history {
			key := operation.Input.(asked).key
			byKey[key] = append(byKey[key], operation)
		}
		parts := [][]porcupine.Operation{}
		for _, part := range byKey {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() interface{} { return "nil" },
	Step: func(state, input, output interface{}) (bool, interface{}) {
		in, out, now := input.(asked), output.(answer), state.(string)
		switch in.function {
		case "read":
			return out.result == "?" || out.result == now, now
		case "write":
			return true, in.argument
		default:
			swapped := now == in.old
			if swapped {
				now = in.argument
			}
			return out.result == "?" || out.result == strconv.FormatBool(swapped), now
		}
	},
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, "not a number:", text)
		os.Exit(2)
	}
	return value
}

func lines(path string, each func(fields []string)) {
	file, err := os.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		each(strings.Fields(scanner.Text()))
	}
}

func rows(path string) []porcupine.Operation {
	history := []porcupine.Operation{}
	lines(path, func(f []string) {
		history = append(history, porcupine.Operation{
			Input: asked{f[0], f[1], f[2], f[3]}, Output: answer{f[4]}, Call: number(f[5]), Return: number(f[6]),
		})
	})
	return history
}

var word = regexp.MustCompile(`[\[\]]`)

func etcd(path string) []porcupine.Operation {
	const never = int64(1) << 60
	history := []porcupine.Operation{}
	open := map[string]int{}
	now := int64(0)
	lines(path, func(f []string) {
		if len(f) < 7 || f[1] != "jepsen.util" {
			return
		}
		now++
		process, kind, function := f[3], f[4], strings.TrimPrefix(f[5], ":")
		values := strings.Fields(word.ReplaceAllString(strings.Join(f[6:], " "), ""))
		if kind == ":invoke" {
			in := asked{"", function, values[0], ""}
			if function == "cas" {
				in.old, in.argument = values[0], values[1]
			}
			open[process] = len(history)
			history = append(history, porcupine.Operation{Input: in, Output: answer{"?"}, Call: now, Return: never})
			return
		}
		at, known := open[process]
		if !known {
			return
		}
		delete(open, process)
		if kind == ":info" || (kind == ":fail" && function != "cas") {
			return
		}
		history[at].Return = now
		switch {
		case function == "read":
			history[at].Output = answer{values[0]}
		case function == "cas":
			history[at].Output = answer{strconv.FormatBool(kind == ":ok")}
		}
	})
	return history
}

func check(history []porcupine.Operation) (string, float64, float64) {
	runtime.GC()
	before, began := spent(), time.Now()
	verdict := porcupine.CheckOperationsTimeout(register, history, limit)
	return string(verdict), time.Since(began).Seconds(), spent() - before
}

func spent() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: porcupine rows|etcd FILE...")
		os.Exit(2)
	}
	times, cpu := []float64{}, 0.0
	verdicts := map[string]string{}
	for _, path := range os.Args[2:] {
		history := rows
		if os.Args[1] == "etcd" {
			history = etcd
		}
		verdict, wall, used := check(history(path))
		times = append(times, wall)
		cpu += used
		verdicts[path] = verdict
	}
	sort.Float64s(times)
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	sum := 0.0
	for _, each := range times {
		sum += each
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"verdicts": verdicts, "median": times[len(times)/2], "sum": sum, "cpu": cpu, "peak_kib": usage.Maxrss,
	})
}
