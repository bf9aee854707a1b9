// Which screen is shown.

import { ChatPanel } from "./chat";
import { Controls } from "./controls";
import { Banner, Notices } from "./notices";
import { PeoplePanel } from "./people";
import { Preview } from "./preview";
import { QuestionDialog } from "./question";
import { Ended, Waiting } from "./screens";
import { SettingsPanel } from "./settings";
import { Sounds, Stage } from "./stage";
import { useRoom } from "./use";

export function App() {
  const room = useRoom();
  const phase = room.call.phase;
  const state = room.view === "preview" ? "preview" : phase.name === "live" ? "joined" : phase.name;
  return (
    <div
      class="room"
      data-state={state}
      data-self={room.call.roster.self}
      data-transport={room.transport ?? ""}
    >
      <Screen />
      <Notices />
      {room.question && <QuestionDialog question={room.question} />}
    </div>
  );
}

function Screen() {
  const room = useRoom();
  const phase = room.call.phase;
  if (room.view === "preview") return <Preview />;
  if (phase.name === "ended") return <Ended reason={phase.reason} />;
  // Who loses the connection in the lobby does not stand in an empty room.
  if (phase.name === "waiting" || room.call.inLobby) return <Waiting />;
  return <Meeting />;
}

function Meeting() {
  const room = useRoom();
  return (
    <div class={`meeting${room.panel ? " with-panel" : ""}`}>
      <header class="head">
        <h1>{room.boot.meeting.title}</h1>
        <p>{room.boot.meeting.course.title}</p>
      </header>
      <Banner />
      <Stage />
      {room.panel === "chat" && <ChatPanel />}
      {room.panel === "people" && <PeoplePanel />}
      {room.panel === "settings" && <SettingsPanel />}
      <Controls />
      <UnreadStatus />
      <Sounds />
    </div>
  );
}

/** Who does not see the number at the button hears of it. */
function UnreadStatus() {
  const { call, t } = useRoom();
  const { unread } = call.chat;
  return (
    <p class="unseen" role="status">
      {unread > 0 ? t("room.chat.count", { count: unread }) : ""}
    </p>
  );
}
