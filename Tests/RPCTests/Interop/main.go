// Speaks to this project's server and client with containerd's Go implementation of the protocol.
//
//	interop client ADDRESS   calls a server that has the echo methods, and checks what it answers
//	interop server ADDRESS   serves the echo methods until it is killed
//
// ADDRESS is HOST:PORT or unix:PATH. Build with Debian's golang-github-containerd-ttrpc-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o interop main.go
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const service = "echo.v1.Echo"

// message is a protobuf message with one field, `string text = 1`, as the library's generated code would have it.
type message struct {
	Text string `protobuf:"bytes,1,opt,name=text,proto3"`
}

func (m *message) Reset()         { *m = message{} }
func (m *message) String() string { return m.Text }
func (*message) ProtoMessage()    {}

func main() {
	if len(os.Args) != 3 {
		fail("usage: interop client|server ADDRESS")
	}
	network, address := "tcp", os.Args[2]
	if strings.HasPrefix(address, "unix:") {
		network, address = "unix", strings.TrimPrefix(address, "unix:")
	}
	switch os.Args[1] {
	case "client":
		client(network, address)
	case "server":
		serve(network, address)
	default:
		fail("usage: interop client|server ADDRESS")
	}
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}

func client(network, address string) {
	connection, err := net.Dial(network, address)
	if err != nil {
		fail("cannot connect: %v", err)
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()

	for _, text := range []string{"", "price", strings.Repeat("値", 100_000)} {
		var answer message
		if err := client.Call(context.Background(), service, "Echo", &message{Text: text}, &answer); err != nil {
			fail("Echo: %v", err)
		}
		if answer.Text != text {
			fail("Echo: %d bytes came back for %d", len(answer.Text), len(text))
		}
	}

	expect := func(method string, code codes.Code, context context.Context) {
		err := client.Call(context, service, method, &message{}, &message{})
		if status.Code(err) != code {
			fail("%s: %v, not %v", method, err, code)
		}
	}
	expect("Fail", codes.FailedPrecondition, context.Background())
	expect("Crash", codes.Internal, context.Background())
	expect("Nothing", codes.Unimplemented, context.Background())

	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := client.Call(short, service, "Spin", &message{}, &message{}); err == nil {
		fail("Spin: answered in spite of its deadline")
	}

	var calls sync.WaitGroup
	for number := 0; number < 1000; number++ {
		calls.Add(1)
		go func(number int) {
			defer calls.Done()
			text := fmt.Sprint("call ", number)
			var answer message
			if err := client.Call(context.Background(), service, "Echo", &message{Text: text}, &answer); err != nil {
				fail("Echo: %v", err)
			}
			if answer.Text != text {
				fail("Echo: %q for %q", answer.Text, text)
			}
		}(number)
	}
	calls.Wait()
	fmt.Println("ok")
}

func serve(network, address string) {
	server, err := ttrpc.NewServer()
	if err != nil {
		fail("cannot make a server: %v", err)
	}
	server.Register(service, map[string]ttrpc.Method{
		"Echo": func(_ context.Context, unmarshal func(interface{}) error) (interface{}, error) {
			var request message
			if err := unmarshal(&request); err != nil {
				return nil, err
			}
			return &request, nil
		},
		"Fail": func(context.Context, func(interface{}) error) (interface{}, error) {
			return nil, status.Error(codes.FailedPrecondition, "no such luck")
		},
		"Describe": func(context context.Context, _ func(interface{}) error) (interface{}, error) {
			trace, _ := ttrpc.GetMetadataValue(context, "trace")
			_, hasDeadline := context.Deadline()
			return &message{Text: fmt.Sprint(trace, " ", hasDeadline)}, nil
		},
		"Sleep": func(context.Context, func(interface{}) error) (interface{}, error) {
			time.Sleep(200 * time.Millisecond)
			return &message{}, nil
		},
	})
	listener, err := net.Listen(network, address)
	if err != nil {
		fail("cannot listen: %v", err)
	}
	fmt.Println(listener.Addr())
	if err := server.Serve(context.Background(), listener); err != nil {
		fail("%v", err)
	}
}
