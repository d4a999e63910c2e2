// Speaks to this project's server and client with containerd's Go implementation of the protocol.
//
//	interop client ADDRESS   calls a server that has the echo methods, and checks what it answers
//	interop server ADDRESS   serves the echo methods until it is killed
//	interop methods ADDRESS METHOD...
//	                         asks a service each method, given by its full name, and checks that it answers as promised
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
	if len(os.Args) < 3 {
		fail("usage: interop client|server|methods ADDRESS [METHOD...]")
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
	case "methods":
		methods(network, address, os.Args[3:])
	default:
		fail("usage: interop client|server|methods ADDRESS [METHOD...]")
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

// Messages of protos/listing_assist/v1, as far as they are needed here: what is left out is skipped by the library.

type draft struct {
	Title       []byte `protobuf:"bytes,1,opt,name=title,proto3"`
	Description []byte `protobuf:"bytes,2,opt,name=description,proto3"`
	Brand       []byte `protobuf:"bytes,4,opt,name=brand,proto3"`
}

type suggestion struct {
	Draft *draft `protobuf:"bytes,1,opt,name=draft,proto3"`
}

type suggested struct {
	ModelVersion []byte `protobuf:"bytes,14,opt,name=model_version,proto3"`
	RequestId    []byte `protobuf:"bytes,15,opt,name=request_id,proto3"`
}

type choice struct {
	Reaction int32 `protobuf:"varint,1,opt,name=reaction,proto3"`
}

type outcome struct {
	RequestId []byte  `protobuf:"bytes,1,opt,name=request_id,proto3"`
	ListingId []byte  `protobuf:"bytes,3,opt,name=listing_id,proto3"`
	Choice    *choice `protobuf:"bytes,10,opt,name=choice,proto3"`
}

func (m *draft) Reset()              { *m = draft{} }
func (m *draft) String() string      { return string(m.Title) }
func (*draft) ProtoMessage()         {}
func (m *suggestion) Reset()         { *m = suggestion{} }
func (m *suggestion) String() string { return "suggestion" }
func (*suggestion) ProtoMessage()    {}
func (m *suggested) Reset()          { *m = suggested{} }
func (m *suggested) String() string  { return string(m.RequestId) }
func (*suggested) ProtoMessage()     {}
func (m *choice) Reset()             { *m = choice{} }
func (m *choice) String() string     { return "choice" }
func (*choice) ProtoMessage()        {}
func (m *outcome) Reset()            { *m = outcome{} }
func (m *outcome) String() string    { return string(m.RequestId) }
func (*outcome) ProtoMessage()       {}

func methods(network, address string, names []string) {
	connection, err := net.Dial(network, address)
	if err != nil {
		fail("cannot connect: %v", err)
	}
	client := ttrpc.NewClient(connection)
	defer client.Close()

	for number, name := range names {
		parts := strings.Split(name, "/")
		service, method := parts[0], parts[1]
		id := fmt.Sprint("interop-", number)
		metadata := ttrpc.MD{}
		metadata.Set("request-id", id)
		metadata.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		background := ttrpc.WithMetadata(context.Background(), metadata)

		request := func(title string) interface{} {
			if method == "RecordOutcome" {
				return &outcome{RequestId: []byte(title), ListingId: []byte("m1"), Choice: &choice{Reaction: 1}}
			}
			return &suggestion{Draft: &draft{
				Title: []byte(title), Description: []byte("新品 未使用です。"), Brand: []byte("NIKE")}}
		}
		var answer suggested
		patient, cancel := context.WithTimeout(background, 10*time.Second)
		if err := client.Call(patient, service, method, request("ナイキ スニーカー 27cm"), &answer); err != nil {
			fail("%s: %v", name, err)
		}
		cancel()
		if method != "RecordOutcome" && (string(answer.RequestId) != id || len(answer.ModelVersion) == 0) {
			fail("%s: request id %q and model version %q came back", name, answer.RequestId, answer.ModelVersion)
		}
		err := client.Call(background, service, method, request("not \xff text"), &answer)
		if status.Code(err) != codes.InvalidArgument {
			fail("%s: %v for text that is not UTF-8", name, err)
		}
		err = client.Call(background, service, method+"s", request("x"), &answer)
		if status.Code(err) != codes.Unimplemented {
			fail("%ss: %v for a method that is not there", name, err)
		}
		hasty, cancel := context.WithTimeout(background, time.Nanosecond)
		if err := client.Call(hasty, service, method, request("ナイキ"), &answer); err == nil {
			fail("%s: answered in spite of its deadline", name)
		}
		cancel()
		if err := client.Call(background, service, method, request("again"), &answer); err != nil {
			fail("%s after errors: %v", name, err)
		}
	}
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
